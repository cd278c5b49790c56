"""What robots, browsers and monitors ask of every site."""
