"""Which URLs may be fetched at all: taken apart, and weighed against the rules. Nothing here opens one."""
