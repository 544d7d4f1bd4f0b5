"""What these tests borrow from the rooms' own: a mail server that takes or refuses, and the API with clients."""

from __future__ import annotations

from api.conftest import Clients, app, clients, settings
from delivery.conftest import keys, postman, reply, server

__all__ = ["Clients", "app", "clients", "keys", "postman", "reply", "server", "settings"]
