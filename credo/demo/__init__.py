"""The demo desk: Lumen Lamps with three months of mail, made anew at every first start so that it is always today."""

from credo.demo.loading import DemoSignIn, NotEmpty, load, sign_in

__all__ = ["DemoSignIn", "NotEmpty", "load", "sign_in"]
