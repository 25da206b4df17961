"""What libraries keep as ALTO, PAGE-XML or hOCR becomes a layout with text."""

from __future__ import annotations

from pathlib import Path

import pytest

from leggio.errors import InputError, UnreadableFile
from leggio.geometry import Box
from leggio.news.export.alto import write_alto
from leggio.news.export.issue import ReadPage
from leggio.news.export.page_xml import write_page_xml
from leggio.news.layout import Block, BlockKind, Layout, Line, Rule
from leggio.news.ocr_in import find_ocr, fit_layout, parse_ocr, read_ocr
from leggio.ocr import Word
from leggio.page import PageLabel

ALTO = """<alto xmlns="http://www.loc.gov/standards/alto/ns-v{version}#">
<Description><MeasurementUnit>{unit}</MeasurementUnit></Description>
<Layout><Page WIDTH="1000" HEIGHT="2000"><PrintSpace HPOS="0" VPOS="0" WIDTH="1000" HEIGHT="2000">
<TextBlock ID="b" HPOS="10" VPOS="20" WIDTH="300" HEIGHT="50">
<TextLine HPOS="10" VPOS="20" WIDTH="300" HEIGHT="20"><String CONTENT="News" HPOS="10" VPOS="20" WIDTH="60" HEIGHT="20"
 WC="0.5"/><SP/><String CONTENT="har" HPOS="80" VPOS="20" WIDTH="40" HEIGHT="20" WC="1.0"/><HYP CONTENT="-"/></TextLine>
<TextLine HPOS="10" VPOS="45" WIDTH="300" HEIGHT="20"><String CONTENT="bour"/></TextLine></TextBlock>
<Illustration HPOS="10" VPOS="100" WIDTH="300" HEIGHT="200"/>
<GraphicalElement HPOS="400" VPOS="20" WIDTH="2" HEIGHT="900"/>
</PrintSpace></Page></Layout></alto>"""

PAGE = """<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/{year}-07-15">
<Page imageFilename="x.png" imageWidth="1000" imageHeight="2000">
<TextRegion id="r" type="heading"><Coords points="10,20 310,20 310,70 10,70"/>
<TextLine id="l"><Coords points="10,20 310,22 310,40 10,40"/>
<Word id="w"><Coords points="10,20 60,20 60,40 10,40"/><TextEquiv conf="0.5"><Unicode>Old</Unicode></TextEquiv></Word>
<TextEquiv index="1"><Unicode>worse</Unicode></TextEquiv><TextEquiv index="0" conf="0.9"><Unicode>Old News</Unicode>
</TextEquiv></TextLine></TextRegion>
<TableRegion id="t"><Coords points="0,100 50,100 50,200 0,200"/>
<TextRegion id="c"><Coords points="0,100 50,100 50,200 0,200"/>
<TextLine id="m"><Coords points="0,100 50,100 50,120 0,120"/><TextEquiv><Unicode>12 kr.</Unicode></TextEquiv></TextLine>
</TextRegion></TableRegion>
<ImageRegion id="i"><Coords points="400,400 500,400 500,600 400,600"/></ImageRegion>
<SeparatorRegion id="s"><Coords points="700,0 702,0 702,900 700,900"/></SeparatorRegion>
</Page></PcGts>"""

HOCR = """<html xmlns="http://www.w3.org/1999/xhtml"><body>
<div class="ocr_page" title="image &quot;x.png&quot;; bbox 0 0 1000 2000">
<div class="ocr_carea" title="bbox 10 20 310 70">
<p class="ocr_par" title="bbox 10 20 310 70"><span class="ocr_line" title="bbox 10 20 310 40; baseline 0 -4">
<span class="ocrx_word" title="bbox 10 20 60 40; x_wconf 50">Old</span>
<span class="ocrx_word" title="bbox 70 20 140 40; x_wconf 96"><strong>News</strong></span></span></p></div>
<div class="ocr_photo" title="bbox 400 400 500 600"></div></div></body></html>"""


def parse(text: str) -> Layout:
    (layout,) = parse_ocr(text.encode(), "given.xml")
    return layout


@pytest.mark.parametrize("version", [2, 3, 4])
def test_alto_gives_lines_with_words_pictures_and_rules(version: int) -> None:
    layout = parse(ALTO.format(version=version, unit="pixel"))
    text, picture = layout.blocks
    assert (layout.width, layout.height) == (1000, 2000)
    assert text.text == "News har-\nbour"
    assert text.lines[0].words[0] == Word(Box(10, 20, 70, 40), "News", 0.5)
    assert text.lines[1].words == ()
    assert picture.kind is BlockKind.PICTURE
    assert layout.rules == (Rule(Box(400, 20, 402, 920)),)


def test_units_of_alto_do_not_matter_on_an_image() -> None:
    by_pixel = fit_layout(parse(ALTO.format(version=3, unit="pixel")), 500, 1000, "a")
    by_inch = fit_layout(parse(ALTO.format(version=3, unit="inch1200")), 500, 1000, "a")
    assert by_inch == by_pixel
    assert by_pixel.blocks[0].lines[0].box == Box(5, 10, 155, 20)


@pytest.mark.parametrize("year", [2013, 2019])
def test_page_xml_gives_its_first_choice_of_text(year: int) -> None:
    layout = parse(PAGE.format(year=year))
    heading, table, picture = layout.blocks
    assert (heading.kind, heading.text, heading.lines[0].confidence) == (BlockKind.HEADING, "Old News", 0.9)
    assert heading.lines[0].words == (Word(Box(10, 20, 60, 40), "Old", 0.5),)
    assert (table.kind, table.text) == (BlockKind.TABLE, "12 kr.")
    assert picture.box == Box(400, 400, 500, 600)
    assert layout.rules == (Rule(Box(700, 0, 702, 900)),)


def test_hocr_gives_words_with_their_confidence() -> None:
    layout = parse(HOCR)
    picture, text = layout.blocks
    assert text.text == "Old News"
    assert [word.confidence for word in text.lines[0].words] == [0.5, 0.96]
    assert picture.kind is BlockKind.PICTURE
    assert (layout.width, layout.height) == (1000, 2000)


@pytest.mark.parametrize("write", [write_alto, write_page_xml])
def test_what_leggio_writes_it_reads_again(write: object) -> None:
    line = Line(
        0,
        Box(10, 20, 310, 40),
        "Old News",
        (Word(Box(10, 20, 60, 40), "Old"), Word(Box(70, 20, 140, 40), "News")),
    )
    blocks = (
        Block(0, BlockKind.HEADING, Box(10, 20, 310, 40), (line,)),
        Block(1, BlockKind.PICTURE, Box(400, 400, 500, 600)),
    )
    layout = Layout(1000, 2000, blocks, (Rule(Box(700, 0, 702, 900)),))
    assert callable(write)
    data = write(ReadPage(PageLabel("x.png", 1, 1000, 2000, None), layout, ()))
    (again,) = parse_ocr(data, "x.xml")
    assert sorted(again.blocks, key=lambda block: block.box.x0) == list(blocks)
    assert (again.width, again.height, again.rules) == (1000, 2000, layout.rules)


def test_ocr_of_another_page_is_told() -> None:
    with pytest.raises(
        InputError, match=r"given.xml does not fit its image: .* 1000 x 2000, the image has 900 x 1000"
    ):
        fit_layout(parse(HOCR), 900, 1000, "given.xml")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "not XML that can be read"),
        (b"<alto><Layout>", "not XML that can be read"),
        (b"<svg/>", "is svg, not ALTO, PAGE-XML or hOCR"),
        (b"<alto><Layout/></alto>", "holds no page"),
        (b"<html><body><p>Hello</p></body></html>", "holds no page"),
    ],
)
def test_what_is_no_ocr_is_told(data: bytes, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        parse_ocr(data, "given.xml")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        read_ocr(tmp_path / "none.xml")


def test_entities_of_other_files_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    entity = f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    text = HOCR.replace("Old", "&x;")
    assert "secret" not in str(parse_ocr(f"{entity}{text}".encode(), "given.html"))


def test_ocr_is_found_by_the_name_of_its_image(tmp_path: Path) -> None:
    for name in ("page_2.alto.xml", "page_20.alto.xml", "page_3.hocr", "notes.txt"):
        (tmp_path / name).write_text("")
    assert find_ocr(tmp_path, Path("scans/page_2.jpg")) == tmp_path / "page_2.alto.xml"
    assert find_ocr(tmp_path, Path("scans/page_3.jpg")) == tmp_path / "page_3.hocr"
    assert find_ocr(tmp_path, Path("scans/page_4.jpg")) is None
    assert find_ocr(tmp_path / "page_3.hocr", Path("scans/page_4.jpg")) == tmp_path / "page_3.hocr"
