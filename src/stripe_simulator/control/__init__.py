"""What only a simulator can do: move time, decide what cards do, break things."""
