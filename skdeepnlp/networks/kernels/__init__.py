"""LSTM loops over time that are faster than Keras' own on a processor."""
