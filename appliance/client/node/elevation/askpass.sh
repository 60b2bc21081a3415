#!/bin/sh
# What sudo runs to ask for a password (sudo(8), --askpass): a window on the customer's screen. Its
# environment says which; what is typed goes to sudo alone.
exec "$HANDRAIL_NODE" "$HANDRAIL_ASKPASS"
