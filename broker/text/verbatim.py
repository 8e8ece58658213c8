"""What in a text is no prose, in expressions that others are built of: code, links, addresses.

People paste anything of any length, so that nothing here, nor what is built of it, may be tried
anew at each character and each time read on to the end: repeats are bounded, or take all that they
read.
"""

CODE = r"```[\s\S]*?(?:```|\Z)|`[^`\n]*`"
LINK = r"(?:https?://|www\.|mailto:)\S+"
EMAIL = r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}"
SITE = r"\b[\w-]{1,64}\.(?:com|ma|org|net|fr|io)\b\S*"
