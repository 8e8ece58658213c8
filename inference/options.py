"""How a model is to be loaded, as its user says it; nothing here imports torch."""

from dataclasses import dataclass
from typing import Literal

Device = Literal["auto", "cpu", "cuda"]
Dtype = Literal["float32", "bfloat16", "float16"]
DtypeChoice = Literal["auto", "float32", "bfloat16", "float16"]
QuantizationChoice = Literal["auto", "none", "8bit", "4bit"]
DecodeChoice = Literal["auto", "eager", "compiled"]


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """What "auto" means depends on the machine: see `inference.precision`.

    `revision` is a branch, tag or commit on the hub; empty: what the model's card says.
    `kv_bytes` is the memory for the keys and values of conversations, None a share of what is
    free; `decode` says whether the model's passes are compiled.
    """

    device: Device = "auto"
    dtype: DtypeChoice = "auto"
    quantization: QuantizationChoice = "auto"
    revision: str = ""
    kv_bytes: int | None = None
    decode: DecodeChoice = "auto"
