"""What can go wrong in inference; every error derives from `InferenceError`."""


class InferenceError(Exception):
    """Base of every error that inference raises on purpose."""


class ModelNotFound(InferenceError):
    """Raised when a model id is neither in the catalog nor a folder with a checkpoint."""


class BadCard(InferenceError):
    """Raised when a file that describes models cannot be read; names the key and the remedy."""


class ModelLoadFailed(InferenceError):
    """Raised when a checkpoint cannot be loaded; the message says what to do next."""


class InvalidRequest(InferenceError):
    """Raised when a request cannot be rendered or its sampling settings make no sense."""


class PromptTooLong(InvalidRequest):
    """Raised when the newest message alone does not fit the context window."""


class EngineError(InferenceError):
    """Raised from a stream when the engine failed or closed while it was answering."""


class EngineDied(EngineError):
    """Raised when an engine can answer nothing any more, until another process loads the model."""
