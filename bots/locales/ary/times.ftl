# How long: whole seconds or minutes.
seconds = { $count ->
    [one] ثانية
    [two] جوج ثواني
    [few] { $count } ثواني
   *[other] { $count } ثانية
}
minutes = { $count ->
    [one] دقيقة
    [two] جوج دقايق
    [few] { $count } دقايق
   *[other] { $count } دقيقة
}
