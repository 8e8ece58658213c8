"""What the engine's benchmark needs of torch: random weights, our engine, its peers."""
