"""A check's result as files: result.json, frames.csv, frames.parquet and report.html."""
