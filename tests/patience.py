"""How long a test waits for a state before it gives up: no measure of anything, only the end of a wait that would never end. On
a machine that is busy with other things, what takes a tenth of a second takes many."""

GIVE_UP_S = 120.0
