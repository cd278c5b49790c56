"""Events, delegations and guests of cooperating clusters, chambers and consulates."""
