# The bot in a small image: it runs as nobody in particular, on a root file system that may be read-only,
# and writes to /data alone.
#
#   docker build -t caveat-bot .
#   docker run --read-only --cap-drop ALL --env-file .env --volume caveat-data:/data caveat-bot

ARG PYTHON=python:3.12.12-slim-bookworm

FROM ${PYTHON} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /source
COPY requirements.lock requirements-build.lock ./
RUN python -m venv /opt/build \
    && /opt/build/bin/pip install --require-hashes --requirement requirements-build.lock \
    && python -m venv --without-pip /opt/caveat-bot \
    && pip --python /opt/caveat-bot/bin/python install --require-hashes --requirement requirements.lock
# The program comes last, so that a change of it, or of a rule, installs nothing anew.
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY rules rules
RUN /opt/build/bin/python -m hatchling build --target wheel --directory /tmp/wheel \
    && pip --python /opt/caveat-bot/bin/python install --no-deps --no-index /tmp/wheel/*.whl \
    && /opt/caveat-bot/bin/python -m compileall -q /opt/caveat-bot/lib

FROM ${PYTHON}
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin caveat \
    && install --directory --owner caveat --group caveat --mode 0700 /data
COPY --from=build /opt/caveat-bot /opt/caveat-bot
ENV PATH=/opt/caveat-bot/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data \
    HOST=0.0.0.0 \
    PORT=8080
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["caveat-bot", "health"]
ENTRYPOINT ["caveat-bot"]
CMD ["run"]
