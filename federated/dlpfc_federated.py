"""Flower looks for an app's parts in the app's own folder; these are in the library."""

from DLPFCSegmenterLib.training.federated import client, server

__all__ = ["client", "server"]
