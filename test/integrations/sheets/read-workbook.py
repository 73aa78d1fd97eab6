"""Reads a workbook with nothing but Python's standard library and prints it as JSON: a second opinion on what was written.

A cell is {"ref", "type", "text", "format"}; text is decoded as ECMA-376 22.9.2.19 says.
"""
import json
import re
import sys
import xml.etree.ElementTree as ET
import zipfile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def text_of(node):
    text = node.text or ""
    if node.get(SPACE) != "preserve":
        text = text.strip()  # as Excel does
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found.group(1), 16)), text)


def cell_of(cell, formats):
    texts = [text_of(node) for node in cell.iter() if node.tag in (MAIN + "v", MAIN + "t")]
    return {
        "ref": cell.get("r"),
        "type": cell.get("t", "n"),
        "text": "".join(texts),
        "format": formats[int(cell.get("s", "0"))],
    }


def sheet_of(name, root, formats):
    def attributes(tag):
        return [dict(node.attrib) for node in root.iter(MAIN + tag)]

    return {
        "name": name,
        "cells": [cell_of(cell, formats) for cell in root.iter(MAIN + "c")],
        "formulas": len(attributes("f")),
        "merges": [merge["ref"] for merge in attributes("mergeCell")],
        "filters": [found["ref"] for found in attributes("autoFilter")],
        "panes": attributes("pane"),
        "widths": [float(column["width"]) for column in attributes("col")],
    }


def formats_of(book):
    styles = ET.fromstring(book.read("xl/styles.xml"))
    own = {node.get("numFmtId"): node.get("formatCode") for node in styles.iter(MAIN + "numFmt")}
    built_in = {"0": "General", "1": "0", "49": "@"}
    used = [node.get("numFmtId", "0") for node in styles.find(MAIN + "cellXfs")]
    return [own.get(number) or built_in.get(number, "#" + number) for number in used]


with zipfile.ZipFile(sys.argv[1]) as book:
    if book.testzip():
        sys.exit("a part of the file is damaged")
    formats = formats_of(book)
    relations = ET.fromstring(book.read("xl/_rels/workbook.xml.rels"))
    targets = {node.get("Id"): node.get("Target") for node in relations}
    sheets = ET.fromstring(book.read("xl/workbook.xml")).iter(MAIN + "sheet")
    read = [
        sheet_of(sheet.get("name"), ET.fromstring(book.read("xl/" + targets[sheet.get(RELATION)])), formats)
        for sheet in sheets
    ]
    json.dump(read, sys.stdout)
