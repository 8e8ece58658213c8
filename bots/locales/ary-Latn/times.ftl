# How long: whole seconds or minutes.
seconds = { $count ->
    [one] taniya
    [two] jouj tawani
    [few] { $count } tawani
   *[other] { $count } taniya
}
minutes = { $count ->
    [one] d9i9a
    [two] jouj d9aye9
    [few] { $count } d9aye9
   *[other] { $count } d9i9a
}
