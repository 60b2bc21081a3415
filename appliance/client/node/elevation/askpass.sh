#!/bin/sh
# What sudo runs to ask for a password (sudo(8), --askpass): a window on the customer's screen. Its
# environment says which; what is typed goes to sudo alone.
# After a wrong password sudo runs it once more by itself; the client asks anew, in other words.
rm "$HANDRAIL_ASKPASS_ONCE" 2>/dev/null || exit 1
exec "$HANDRAIL_NODE" "$HANDRAIL_ASKPASS"
