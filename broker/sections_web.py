"""The section of the web chat."""

import ipaddress

from pydantic import Field, SecretStr, field_validator

from broker.sections import Section

SHORTEST_SECRET = 16


class WebSettings(Section):
    """The web chat."""

    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8421, ge=0, le=65535, description="port to listen on; 0: any free one")
    secret: SecretStr | None = Field(
        None, description="signs the session cookies; empty: one is made in the state directory"
    )
    secure_cookie: bool = Field(False, description="send cookies over HTTPS only")
    title: str = Field("مرسال", description="name shown on the page")
    trusted_proxies: str = Field(
        "", description="addresses or networks, with commas, whose X-Forwarded-For counts"
    )
    sessions_per_hour: int = Field(
        200, ge=0, description="new browsers from one client address; 0: no limit"
    )
    messages_per_minute: int = Field(
        300, ge=0, description="from one client address, all browsers together; 0: no limit"
    )
    tabs_per_address: int = Field(
        200, ge=0, description="open at a time from one client address; 0: no limit"
    )

    @field_validator("secret")
    @classmethod
    def _cannot_be_guessed(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and len(secret.get_secret_value()) < SHORTEST_SECRET:
            raise ValueError(f"should have at least {SHORTEST_SECRET} characters")
        return secret

    @field_validator("trusted_proxies")
    @classmethod
    def _are_addresses(cls, proxies: str) -> str:
        for part in filter(None, proxies.split(",")):
            try:
                ipaddress.ip_network(part.strip())
            except ValueError as error:
                raise ValueError(f"should hold addresses or networks: {error}") from None
        return proxies
