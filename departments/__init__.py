"""The organisation's tree: departments, sites, who belongs where and who coordinates which branch."""
