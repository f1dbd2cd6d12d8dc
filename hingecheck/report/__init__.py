"""A check's result as files: result.json, frames.csv and .parquet, landmarks.npz, report.html."""
