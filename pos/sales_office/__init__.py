"""What was sold, for leaders: every sale, one sale, figures, and what is out of the ordinary."""
