"""Linear layers in 8 or 4 bits, by bitsandbytes."""

import logging

import torch
from transformers import BitsAndBytesConfig

from inference.precision import Precision

logging.getLogger("bitsandbytes.autograd._functions").setLevel(logging.ERROR)
"""It warns of the same conversion at every multiplication of every layer."""


def quantization_config(precision: Precision) -> BitsAndBytesConfig | None:
    """What from_pretrained takes; None: nothing is quantized.

    4 bits are nf4 with double quantization, computed in the precision's dtype.
    """
    if precision.quantization == "none":
        return None
    in_4_bits = precision.quantization == "4bit"
    return BitsAndBytesConfig(  # type: ignore[no-untyped-call]
        load_in_8bit=not in_4_bits,
        load_in_4bit=in_4_bits,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=getattr(torch, precision.dtype),
    )
