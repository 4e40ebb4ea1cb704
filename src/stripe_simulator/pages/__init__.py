"""What a browser sees of the simulator: the payment page, a front door, a control room."""
