"""The URL patterns, and the app of each named URL outside appraisals."""

import appraisals.urls
import coordination.urls
import home.urls
import shadowing.urls

TABLES = (shadowing.urls, coordination.urls, home.urls, appraisals.urls)
APP_OF = {each.name: table.app_name for table in TABLES[:3] for each in table.urlpatterns}
