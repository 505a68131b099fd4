"""Run what README shows under "Query", against a deployment that holds the flights, and compare the answers it shows.

usage: query_as_readme.py README OUTPUT_BUCKET; AWS and Athena are where the environment says. Prints what was run as JSON.

SQL is followed by its answer in comments, Python is as a session shows it. Of DuckDB's only the secret is changed: where S3
is. Its extensions come as packages, because there is nowhere to download them from; DuckDB checks their signatures.
"""
import doctest
import json
import os
import re
import sys
from importlib.util import find_spec

import awswrangler as wr
import duckdb


def main(readme, bucket):
    section = re.search(r"^## Query\n(.*?)^## ", open(readme).read(), re.S | re.M).group(1)
    blocks = re.findall(r"^```(\w+)\n(.*?)^```", section, re.S | re.M)
    [athena, on_duckdb] = [text for language, text in blocks if language == "sql"]
    [session] = [text for language, text in blocks if language == "python"]
    connection = open_duckdb()
    run = {
        "athena": run_sql(athena, ask_athena),
        "duckdb": run_sql(on_duckdb.replace("OUTPUT_BUCKET", bucket), lambda sql: ask_duckdb(connection, sql)),
        "python": run_session(session),
    }
    print(json.dumps(run))


def run_sql(block, ask):
    """Ask what stands before each answer; the words of the comments are the answer."""
    statements = re.findall(r"((?:^(?!--).*\n)+)((?:^--  .*\n)+)", block, re.M)
    for sql, answer in statements:
        expected = [line.removeprefix("--").split() for line in answer.splitlines()]
        found = ask(sql.strip().removesuffix(";"))
        assert found == expected, f"{sql}{found} is not {expected}"
    return len(statements)


def ask_athena(sql):
    frame = wr.athena.read_sql_query(sql, database="modemap", workgroup="modemap", ctas_approach=False)
    return [[str(value) for value in row] for row in frame.itertuples(index=False)]


def open_duckdb():
    connection = duckdb.connect()
    for name in ["httpfs", "aws"]:
        [folder] = find_spec(f"duckdb_extension_{name}").submodule_search_locations
        connection.execute(f"LOAD '{folder}/extensions/v{duckdb.__version__}/{name}.duckdb_extension'")
    return connection


def ask_duckdb(connection, sql):
    place = os.environ["AWS_ENDPOINT_URL"].removeprefix("http://")
    sql = sql.replace("credential_chain", f"credential_chain, ENDPOINT '{place}', URL_STYLE 'path', USE_SSL false")
    return [[str(value) for value in row] for row in connection.execute(sql).fetchall()]


def run_session(block):
    session = doctest.DocTestParser().get_doctest(block, {}, "README", "README.md", 0)
    results = doctest.DocTestRunner(verbose=False).run(session, out=sys.stderr.write)
    assert results.failed == 0, f"{results.failed} of {results.attempted} answers differ"
    return results.attempted


main(*sys.argv[1:])
