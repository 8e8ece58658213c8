# A worker with torch. For the processor:
#   docker build -f docker/worker.Dockerfile --target cpu -t mersal-worker-cpu .
# for NVIDIA cards (CUDA comes with torch; the host needs the driver and NVIDIA's container toolkit):
#   docker build -f docker/worker.Dockerfile --target gpu -t mersal-worker-gpu .
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS base
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv --without-pip /opt/mersal
WORKDIR /src
COPY constraints.txt ./

# torch first: it is by far the largest, and changes least.
FROM base AS torch-cpu
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
RUN python -m pip --python /opt/mersal/bin/python install --constraint constraints.txt \
    --index-url "${TORCH_INDEX}" torch

FROM base AS torch-gpu
RUN python -m pip --python /opt/mersal/bin/python install --constraint constraints.txt torch

FROM torch-cpu AS build-cpu
COPY pyproject.toml README.md LICENSE ./
COPY mersal mersal
COPY bots bots
COPY broker broker
COPY workers workers
COPY inference inference
# The build of torch that is there stays, whatever the list calls it.
RUN grep -v '^torch==' constraints.txt > others.txt \
    && python -m pip --python /opt/mersal/bin/python install --constraint others.txt '.[inference]'

FROM torch-gpu AS build-gpu
COPY pyproject.toml README.md LICENSE ./
COPY mersal mersal
COPY bots bots
COPY broker broker
COPY workers workers
COPY inference inference
RUN grep -v '^torch==' constraints.txt > others.txt \
    && python -m pip --python /opt/mersal/bin/python install --constraint others.txt '.[inference]'

FROM python:${PYTHON} AS runtime
LABEL org.opencontainers.image.title="Mersal worker" \
    org.opencontainers.image.description="Runs one Arabic language model for Mersal" \
    org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --gid 10001 mersal \
    && useradd --uid 10001 --gid mersal --no-create-home --home-dir /var/lib/mersal mersal \
    && install --directory --owner mersal --group mersal /var/lib/mersal /models
# Weights are kept in the volume /models; compiled kernels are gone with the container.
ENV PATH=/opt/mersal/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MERSAL_STATE_DIR=/var/lib/mersal \
    MERSAL_LOG__FORMAT=json \
    HF_HOME=/models \
    TORCHINDUCTOR_CACHE_DIR=/tmp/inductor \
    TRITON_CACHE_DIR=/tmp/triton
USER 10001:10001
WORKDIR /var/lib/mersal
# It touches this file every second while all is well, also while a large model loads.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["sh", "-c", "test -n \"$(find /tmp/mersal.life -newermt '-15 seconds')\""]
ENTRYPOINT ["mersal"]
CMD ["worker", "--life", "/tmp/mersal.life"]

FROM runtime AS cpu
COPY --from=build-cpu /opt/mersal /opt/mersal

FROM runtime AS gpu
USER 0:0
# Compiled decoding (MERSAL_WORKER__DECODE=compiled) builds its kernels with a C compiler.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build-gpu /opt/mersal /opt/mersal
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
USER 10001:10001
