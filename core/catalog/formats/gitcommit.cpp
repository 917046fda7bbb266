// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/formats/gitcommit.h"

namespace hublet::catalog {

namespace {

/// Text that survives being written as UTF-8 and has only line feeds as line ends.
QString plainText(const QString& text)
{
    QString plain = QString::fromUtf8(text.toUtf8());
    plain.replace(QLatin1String("\r\n"), QLatin1String("\n"));
    plain.replace(u'\r', u'\n');
    plain.remove(QChar(u'\0'));
    return plain;
}

QString withoutForbidden(const QString& text)
{
    QString clean = plainText(text);
    clean.remove(u'<');
    clean.remove(u'>');
    clean.replace(u'\n', u' ');
    return clean.trimmed();
}

} // namespace

GitCommit::Message GitCommit::cleanMessage(const QString& title, const QString& description)
{
    const QString all = (plainText(title) + QLatin1String("\n\n") + plainText(description)).trimmed();
    const qsizetype end = all.indexOf(u'\n');
    if (end < 0)
        return {all, {}};
    return {all.left(end).trimmed(), all.mid(end).trimmed()};
}

Signature GitCommit::cleanSignature(const Signature& signature)
{
    Signature clean{withoutForbidden(signature.name), withoutForbidden(signature.email)};
    if (clean.name.isEmpty())
        clean.name = QStringLiteral("unknown");
    return clean;
}

QByteArray GitCommit::encode(const Commit& commit)
{
    const QByteArray who = commit.author.toUtf8() + " <" + commit.authorEmail.toUtf8() + "> " +
                           QByteArray::number(commit.timeMs / 1000) + " +0000\n";
    QByteArray body = "tree " + commit.tree.toHex() + '\n';
    for (const GitOid& parent : commit.parents)
        body += "parent " + parent.toHex() + '\n';
    body += "author " + who + "committer " + who + '\n' + commit.title.toUtf8() + '\n';
    if (!commit.message.isEmpty())
        body += '\n' + commit.message.toUtf8() + '\n';
    return body;
}

} // namespace hublet::catalog
