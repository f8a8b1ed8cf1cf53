"""The organisation's tree: departments, sites, memberships and coordinators."""
