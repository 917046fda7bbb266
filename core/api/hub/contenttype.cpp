// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/contenttype.h"

#include <QHash>
#include <QSet>

namespace hublet::api {

namespace {

QByteArray extensionOf(QByteArrayView name)
{
    const qsizetype dot = name.lastIndexOf('.');
    return dot < 0 ? QByteArray() : name.sliced(dot + 1).toByteArray().toLower();
}

bool isText(const QByteArray& extension)
{
    static const QSet<QByteArray> extensions{
        "bib",       "c",    "cff", "cfg",    "cmake", "conf",  "cpp",  "css",   "csv",    "gitattributes",
        "gitignore", "h",    "hpp", "ini",    "ipynb", "jinja", "json", "jsonl", "jinja2", "log",
        "lock",      "lua",  "md",  "ndjson", "py",    "r",     "rs",   "rst",   "sh",     "sql",
        "tex",       "toml", "tsv", "txt",    "vocab", "yaml",  "yml"};
    return extensions.contains(extension);
}

/// Media that a browser shows without running anything in it.
QByteArray mediaType(const QByteArray& extension)
{
    static const QHash<QByteArray, QByteArray> types{
        {"bmp", "image/bmp"},  {"flac", "audio/flac"}, {"gif", "image/gif"},   {"jpeg", "image/jpeg"},
        {"jpg", "image/jpeg"}, {"mp3", "audio/mpeg"},  {"mp4", "video/mp4"},   {"ogg", "audio/ogg"},
        {"png", "image/png"},  {"wav", "audio/wav"},   {"webm", "video/webm"}, {"webp", "image/webp"}};
    return types.value(extension);
}

/// Documents that may hold scripts.
bool isActive(const QByteArray& extension)
{
    static const QSet<QByteArray> extensions{"htm",  "html", "js",   "mht",   "mhtml", "mjs", "pdf", "svg",
                                             "svgz", "swf",  "wasm", "xhtml", "xht",   "xml", "xsl"};
    return extensions.contains(extension);
}

/// For clients that read the plain form only; the other one has the exact name.
QByteArray asciiName(QByteArrayView name)
{
    QByteArray ascii;
    for (const QChar c : QString::fromUtf8(name)) {
        const bool plain = c >= u' ' && c < u'\x7f' && c != u'"' && c != u'\\';
        ascii += plain ? static_cast<char>(c.unicode()) : '_';
    }
    return ascii;
}

} // namespace

ContentLabel contentLabel(QByteArrayView name)
{
    const QByteArray extension = extensionOf(name);
    ContentLabel label;
    if (const QByteArray media = mediaType(extension); !media.isEmpty())
        label.type = media;
    else if (isText(extension))
        label.type = "text/plain; charset=utf-8";
    else
        label.type = "application/octet-stream";
    const QByteArray exact = name.toByteArray().toPercentEncoding();
    const QByteArray plain =
        exact.size() == name.size() ? exact : asciiName(name); // as long: nothing to escape
    label.disposition = QByteArray(isActive(extension) ? "attachment" : "inline") + "; filename*=UTF-8''" +
                        exact + "; filename=\"" + plain + "\";";
    return label;
}

} // namespace hublet::api
