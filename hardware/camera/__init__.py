"""What looks through a camera, in a process of its own: `hardware.scanners.camera` starts it."""
