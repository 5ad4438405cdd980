"""What all tables of the schema share."""

from sqlalchemy import MetaData

from services.kit.changes import change_table
from services.kit.db import NAMING, Table
from services.kit.jobs import job_table

metadata_ = MetaData(schema="careerforge", naming_convention=NAMING)
changes = change_table(metadata_)
jobs = job_table(metadata_)

DIMENSIONS = 384


class Base(Table):
    __abstract__ = True
    metadata = metadata_
