"""The section of other servers that compute for a worker."""

import json
from typing import Literal

from pydantic import Field, SecretStr, field_validator

from broker.sections import Section


class RemoteSettings(Section):
    """Servers that speak OpenAI's API, instead of a model in the worker's own process."""

    endpoints: str = Field(
        "", description="their addresses, with commas: http://host:8000/v1; empty: compute here"
    )
    api_key: SecretStr | None = Field(None, description="sent to each of them")
    model: str = Field("", description="the model's name there; empty: ask the server")
    server: Literal["vllm", "tgi", "transformers", "ollama", "llamacpp", "openai"] = Field(
        "vllm", description="what kind they are: which settings of sampling they know"
    )
    prompts: Literal["auto", "messages", "completions"] = Field(
        "auto",
        description="conversations as messages, or written out by our catalog; "
        "auto: written out for models without a chat template",
    )
    context_tokens: int = Field(
        0, ge=0, description="what a server reads, in tokens; 0: as the model's card or it says"
    )
    extra: str = Field("", description="further fields of every request, as a JSON object")
    connect_s: float = Field(10.0, gt=0, description="longest wait for a connection")
    first_token_s: float = Field(60.0, gt=0, description="longest wait for the first token")
    between_tokens_s: float = Field(30.0, gt=0, description="longest wait for each further token")
    whole_s: float = Field(300.0, gt=0, description="longest answer, all its tries together")
    retries: int = Field(4, ge=0, description="further tries while nothing was shown")
    health_every_s: float = Field(10.0, gt=0, description="time between two looks at a server")
    start_s: float = Field(300.0, gt=0, description="wait for a first server that works")

    @field_validator("endpoints")
    @classmethod
    def _are_addresses(cls, text: str) -> str:
        urls = [url.strip() for url in text.split(",") if url.strip()]
        if not all(url.startswith(("http://", "https://")) and "@" not in url for url in urls):
            raise ValueError("should look like http://host:8000/v1; a key goes into api_key")
        return ",".join(urls)

    @field_validator("extra")
    @classmethod
    def _is_an_object(cls, text: str) -> str:
        try:
            good = isinstance(json.loads(text or "{}"), dict)
        except ValueError:
            good = False
        if not good:
            raise ValueError('should be a JSON object such as {"priority": 1}')
        return text
