"""watcher: watches Chinese government documents from draft to final and tells which indicators moved."""
