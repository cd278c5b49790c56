"""The organiser's questions: fields, rules, and answers as people read them."""
