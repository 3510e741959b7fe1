"""CSV as LibreOffice reads it: numbers are numbers, and no text is a formula."""

import os
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = 2  # the type of a column in the filter's options; 1 is standard


def cells(body, texts):
    """The rows that LibreOffice makes of CSV: (type, text, formula) of each cell. texts: the columns, numbered from 1,
    that it is told to be texts."""
    with tempfile.TemporaryDirectory(prefix="queue-statistics-calc.") as folder:
        path = os.path.join(folder, "a.csv")
        with open(path, "wb") as file:
            file.write(body)
        # Comma, quote, UTF-8, first line 1, the columns' types; language, then: no quoted field is text because of its
        # quotes, and special numbers are recognised.
        options = f"44,34,76,1,{'/'.join(f'{column}/{TEXT}' for column in texts)},0,false,true"
        subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
                        f"--infilter=CSV:{options}", "--convert-to", "fods", "--outdir", folder, path],
                       check=True, capture_output=True, timeout=180)
        tree = xml.etree.ElementTree.parse(os.path.join(folder, "a.fods"))
    rows = []
    for row in tree.iter(f"{TABLE}table-row"):
        found = []
        for cell in row.iter(f"{TABLE}table-cell"):
            text = "\n".join("".join(part.itertext()) for part in cell)
            found += [(cell.get(f"{OFFICE}value-type"), cell.get(f"{OFFICE}value") or text,
                       cell.get(f"{TABLE}formula"))] * int(cell.get(f"{TABLE}number-columns-repeated", 1))
        if any(kind for kind, _, _ in found):
            rows.append(found)
    return rows


def check(test):
    if not shutil.which("soffice"):
        print("no LibreOffice here (apt install libreoffice-calc-nogui): it reads no CSV")
        return
    function, parameters = "queues/destinations/statistics/get", {"queue": 1, "start": 0, "interval": "month"}
    parameters |= {"start": 1760000000, "end": 1799000000, "timezone": "Europe/Berlin"}
    rows = [test.flat(row, "Europe/Berlin") for row in test.client.data(function, **parameters)]
    test.check("spreadsheet: there are rows", True, len(rows) > 10)
    body = test.client.send(function, **parameters, format="csv")[2]
    names = list(rows[0])
    texts = [names.index(name) + 1 for name in ("dtype", "dnumber")]
    for told, columns in (("dtype and dnumber are texts", texts), ("nothing is said", [])):
        read = cells(body, columns)
        test.check(f"spreadsheet, {told}: names", names, [text for _, text, _ in read[0]][:len(names)])
        test.check(f"spreadsheet, {told}: rows", len(rows), len(read) - 1)
        test.check(f"spreadsheet, {told}: no formula", [], [cell for row in read for cell in row if cell[2]])
        for row, found in zip(rows, read[1:]):
            for name, (kind, text, _) in zip(names, found):
                if name in ("dtype", "dnumber"):
                    if columns:
                        test.check(f"spreadsheet: {name}", ("string", row[name].strip(" ").replace("\t", "")),
                                   (kind, text.strip(" ").replace("\t", "")))
                elif name == "start_local":
                    test.check(f"spreadsheet: {name} is a time", "date", kind)
                elif row[name] == "":
                    test.check(f"spreadsheet: {name} is empty", None, kind)
                else:
                    test.check(f"spreadsheet: {name}", ("float", float(row[name])), (kind, float(text or "nan")))
