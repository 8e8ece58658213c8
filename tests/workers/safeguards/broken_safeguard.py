"""A safeguard that cannot even be imported."""

X = 1 / 0
