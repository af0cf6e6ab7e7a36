"""Sound as numbers and as files. Audio is float32 [channels, frames], full scale ±1, everywhere."""
