# One image for web, worker, scheduler and migrations: docker-compose.yml says which process a container is.
FROM python:3.11-slim-bookworm AS build

ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_NO_CACHE=1
WORKDIR /app

COPY requirements-tools.lock requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements-tools.lock \
    && uv venv /opt/passerelle \
    && uv pip install --python /opt/passerelle/bin/python --compile-bytecode --require-hashes -r requirements.lock

# the code runs from /app; this makes the command
COPY . .
RUN uv pip install --python /opt/passerelle/bin/python --no-deps --offline --editable .


FROM python:3.11-slim-bookworm

ENV PATH=/opt/passerelle/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data \
    HOST=0.0.0.0

RUN useradd --system --uid 10001 --home-dir /data --create-home --shell /usr/sbin/nologin passerelle \
    && chmod 0750 /data

WORKDIR /app
COPY --from=build /opt/passerelle /opt/passerelle
COPY . .

USER 10001
VOLUME /data
EXPOSE 8000

HEALTHCHECK --interval=10s --timeout=4s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]

CMD ["python", "-m", "service.supervisor", "web"]
