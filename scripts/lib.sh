# Shared by the scripts of this folder, which source it from the top of the checkout.
# .tools/ holds what makes the environment (uv, pinned by hash), .venv/ the environment itself.

export UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1 UV_LINK_MODE="${UV_LINK_MODE:-copy}" PIP_DISABLE_PIP_VERSION_CHECK=1
PYTHON=${PYTHON:-python3}
UV=.tools/bin/uv

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "${0##*/}: $*"
  exit 1
}

need_python() {
  command -v "$PYTHON" >/dev/null 2>&1 ||
    fail "there is no $PYTHON here. Install Python 3.11 or newer, or name one: PYTHON=/path/to/python3 $0"
  "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "$("$PYTHON" --version 2>&1) is too old; Python 3.11 or newer is needed. Name another: PYTHON=python3.12 $0"
}

# One at a time: a second script waits for the first instead of writing into the same environment.
lock_environment() {
  mkdir -p .tools 2>/dev/null || fail "cannot write into $(pwd); the environment is made inside the checkout."
  waited=0
  until mkdir .tools/lock 2>/dev/null; do
    holder=$(cat .tools/lock/pid 2>/dev/null || true)
    if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null && ! [ -d "/proc/$holder" ]; then
      rm -rf .tools/lock # left behind by a script that was killed
      continue
    fi
    [ "$waited" = 0 ] && say "Waiting for another set-up in this checkout${holder:+ (process $holder)}."
    waited=$((waited + 1))
    [ "$waited" -gt 900 ] && fail "another set-up has held .tools/lock for 15 minutes; if none is running, remove that folder."
    sleep 1
  done
  echo $$ >.tools/lock/pid
  trap 'rm -rf .tools/lock' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

unlock_environment() {
  rm -rf .tools/lock
  trap - EXIT INT TERM HUP
}

# uv by way of pip, which needs neither venv nor ensurepip (Debian's python3 has neither).
need_uv() {
  need_python
  want=$(cksum <requirements-tools.lock)
  [ -x "$UV" ] && [ "$(cat .tools/stamp 2>/dev/null)" = "$want" ] && return 0
  if "$PYTHON" -m pip --version >/dev/null 2>&1; then
    "$PYTHON" -m pip install --quiet --upgrade --no-deps --require-hashes --root-user-action=ignore --target .tools \
      -r requirements-tools.lock >.tools/pip.log 2>&1 || {
      tail -5 .tools/pip.log >&2
      fail "could not fetch uv, which makes the environment. Is the network there? pip says why above."
    }
    echo "$want" >.tools/stamp
  elif command -v uv >/dev/null 2>&1; then
    UV=$(command -v uv)
  else
    fail "$PYTHON has no pip. On Debian: apt-get install python3-pip. Elsewhere: $PYTHON -m ensurepip --user, or install uv."
  fi
}

stamp_of() { # the lock, what is installed from it, and where: an environment does not survive a move
  printf '%s %s' "$(cat "$1" pyproject.toml | cksum)" "$(pwd)"
}

is_fresh() { [ -x .venv/bin/python ] && [ "$(cat ".venv/.stamp-$1" 2>/dev/null)" = "$(stamp_of "$2")" ]; }

# environment runtime|dev: makes .venv hold what the lock says. A dev environment serves as a runtime one as well.
environment() {
  kind=$1
  is_fresh dev requirements-dev.lock && return 0
  [ "$kind" = runtime ] && is_fresh runtime requirements.lock && return 0
  lock_environment
  if ! is_fresh dev requirements-dev.lock && { [ "$kind" = dev ] || ! is_fresh runtime requirements.lock; }; then
    if [ "$kind" = dev ]; then lock=requirements-dev.lock; else lock=requirements.lock; fi
    say "Making the environment from $lock (once)."
    need_uv
    if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
      ! grep -qsxF "$(pwd)" .venv/.home; then
      rm -rf .venv
      "$UV" venv --quiet --python "$(command -v "$PYTHON")" .venv || fail "could not make .venv; uv says why above."
      pwd >.venv/.home
    fi
    rm -f .venv/.stamp-runtime .venv/.stamp-dev
    "$UV" pip install --quiet --python .venv/bin/python --require-hashes -r "$lock" ||
      fail "could not install $lock. Is the network there? uv says why above; starting the script again goes on from here."
    "$UV" pip install --quiet --python .venv/bin/python --no-deps --offline --editable . ||
      "$UV" pip install --quiet --python .venv/bin/python --no-deps --editable . ||
      fail "could not install the passerelle command; uv says why above."
    stamp_of "$lock" >".venv/.stamp-$kind"
  fi
  unlock_environment
}
