// SPDX-License-Identifier: Apache-2.0
#include "core/base/names.h"

#include <algorithm>

namespace hublet {

namespace {

constexpr int MaxRepositoryKeyLength = 64;
constexpr int MaxPathBytes = 1024;
constexpr int MaxSegmentBytes = 255;
constexpr int MaxIdPartLength = 96;
constexpr int MaxRefNameLength = 250;

bool isAsciiLetter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
}

bool isAsciiAlnum(QChar c)
{
    return isAsciiLetter(c) || (c >= u'0' && c <= u'9');
}

bool hasKeyForm(QStringView text)
{
    return !text.isEmpty() && text.size() <= MaxRepositoryKeyLength &&
           (isAsciiLetter(text.front()) || text.front() == u'_') &&
           std::all_of(text.begin(), text.end(),
                       [](QChar c) { return isAsciiAlnum(c) || c == u'.' || c == u'_' || c == u'-'; });
}

/// The rule of the Hub clients for either half of an id; empty string = fine, else what is wrong.
QString idPartProblem(QStringView part)
{
    if (part.isEmpty() || part.size() > MaxIdPartLength)
        return QStringLiteral("must have 1 to %1 characters").arg(MaxIdPartLength);
    for (const QChar c : part) {
        if (!isAsciiAlnum(c) && c != u'-' && c != u'_' && c != u'.')
            return QStringLiteral("may only hold letters, digits, '-', '_' and '.'");
    }
    if (part.startsWith(u'-') || part.startsWith(u'.') || part.endsWith(u'-') || part.endsWith(u'.'))
        return QStringLiteral("must not start or end with '-' or '.'");
    if (part.contains(QLatin1String("--")) || part.contains(QLatin1String("..")))
        return QStringLiteral("must not hold '--' or '..'");
    return {};
}

bool isReservedFirstSegment(QStringView segment)
{
    static const QStringList reserved{QStringLiteral("api"),    QStringLiteral("datasets"), QStringLiteral("models"),
                                      QStringLiteral("spaces"), QStringLiteral("v2")};
    return reserved.contains(segment.toString(), Qt::CaseInsensitive);
}

} // namespace

Result<RepositoryKey> RepositoryKey::parse(QStringView text)
{
    static const QStringList reserved{QStringLiteral("api"),         QStringLiteral("ui"),
                                      QStringLiteral("webapp"),      QStringLiteral("access"),
                                      QStringLiteral("artifactory"), QStringLiteral("auto-trashcan")};
    if (!hasKeyForm(text)) {
        return fail(ErrorCode::InvalidName,
                    QStringLiteral("Invalid repository key: use 1 to 64 letters, digits, '.', '_' and '-', "
                                   "starting with a letter or '_'"));
    }
    if (text.endsWith(QLatin1String("-cache"), Qt::CaseInsensitive))
        return fail(ErrorCode::InvalidName, QStringLiteral("Invalid repository key: '-cache' at the end is reserved"));
    if (reserved.contains(text.toString(), Qt::CaseInsensitive))
        return fail(ErrorCode::InvalidName, QStringLiteral("Invalid repository key: '%1' is reserved").arg(text));
    return RepositoryKey(text.toString());
}

QString packageTypeName(PackageType type)
{
    return type == PackageType::Model ? QStringLiteral("model") : QStringLiteral("dataset");
}

QString packageTypePlural(PackageType type)
{
    return type == PackageType::Model ? QStringLiteral("models") : QStringLiteral("datasets");
}

std::optional<PackageType> packageTypeFromName(QStringView name)
{
    if (name == u"model" || name == u"models")
        return PackageType::Model;
    if (name == u"dataset" || name == u"datasets")
        return PackageType::Dataset;
    return std::nullopt;
}

Result<PackageId> PackageId::parse(PackageType type, QStringView id)
{
    const qsizetype slash = id.indexOf(u'/');
    const QStringView nameSpace = slash < 0 ? QStringView() : id.first(slash);
    const QStringView name = slash < 0 ? id : id.sliced(slash + 1);
    const auto invalid = [&](const QString& part, const QString& problem) {
        return fail(ErrorCode::InvalidName,
                    QStringLiteral("Invalid repo name: the %1 of '%2' %3").arg(part, id.left(200).toString(), problem));
    };
    if (slash >= 0) {
        if (const QString problem = idPartProblem(nameSpace); !problem.isEmpty())
            return invalid(QStringLiteral("organisation"), problem);
    }
    if (const QString problem = idPartProblem(name); !problem.isEmpty())
        return invalid(QStringLiteral("name"), problem);
    if (name.endsWith(QLatin1String(".git"), Qt::CaseInsensitive))
        return invalid(QStringLiteral("name"), QStringLiteral("must not end in '.git'"));
    return PackageId(type, nameSpace.toString(), name.toString());
}

Result<void> PackageId::checkForCreation(Namespace rule) const
{
    const auto invalid = [&](const QString& problem) {
        return fail(ErrorCode::InvalidName, QStringLiteral("Invalid repo name: '%1': %2").arg(id(), problem));
    };
    if (m_namespace.isEmpty())
        return invalid(QStringLiteral("an organisation is needed, as in 'organisation/name'"));
    for (const QChar c : m_namespace) {
        if (rule == Namespace::Documented && !isAsciiAlnum(c) && c != u'-')
            return invalid(QStringLiteral("the organisation may only hold letters, digits and '-'"));
    }
    if (rule == Namespace::Documented &&
        std::all_of(m_namespace.begin(), m_namespace.end(), [](QChar c) { return c.isDigit(); }))
        return invalid(QStringLiteral("the organisation must not be digits only"));
    if (isReservedFirstSegment(m_namespace))
        return invalid(QStringLiteral("the organisation '%1' is reserved").arg(m_namespace));
    return {};
}

Result<RepoPath> RepoPath::parse(QByteArrayView utf8)
{
    const auto invalid = [&](const QString& problem) {
        constexpr qsizetype MaxNamedBytes = 200;
        QString named = QString::fromUtf8(utf8.first(std::min(utf8.size(), MaxNamedBytes)));
        std::replace_if(
            named.begin(), named.end(), [](QChar c) { return c < u' ' || c == QChar(0x7f); }, u'?');
        return fail(ErrorCode::InvalidPath,
                    QStringLiteral("Invalid path in repo: '%1': %2").arg(named, problem));
    };
    if (utf8.isEmpty())
        return invalid(QStringLiteral("it is empty"));
    if (utf8.size() > MaxPathBytes)
        return invalid(QStringLiteral("it is longer than %1 bytes").arg(MaxPathBytes));
    if (!utf8.isValidUtf8())
        return invalid(QStringLiteral("it is not UTF-8"));
    for (const char c : utf8) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            return invalid(QStringLiteral("it holds a control character"));
        if (c == '\\')
            return invalid(QStringLiteral("it holds a backslash"));
    }
    if (utf8.front() == '/')
        return invalid(QStringLiteral("it starts with '/'"));
    const QByteArray bytes = utf8.toByteArray();
    for (const QByteArray& segment : bytes.split('/')) {
        if (segment.isEmpty())
            return invalid(QStringLiteral("it has an empty segment"));
        if (segment == "." || segment == "..")
            return invalid(QStringLiteral("it has a '.' or '..' segment"));
        if (segment.compare(".git", Qt::CaseInsensitive) == 0)
            return invalid(QStringLiteral("it has a '.git' segment"));
        if (segment.size() > MaxSegmentBytes)
            return invalid(QStringLiteral("a segment is longer than %1 bytes").arg(MaxSegmentBytes));
    }
    return RepoPath(bytes);
}

QByteArray RepoPath::name() const { return m_bytes.mid(m_bytes.lastIndexOf('/') + 1); }

RepoPath RepoPath::parent() const
{
    const qsizetype slash = m_bytes.lastIndexOf('/');
    return slash < 0 ? RepoPath() : RepoPath(m_bytes.left(slash));
}

QList<QByteArray> RepoPath::segments() const { return isRoot() ? QList<QByteArray>() : m_bytes.split('/'); }

bool isLabel(QStringView text)
{
    return text.size() <= MaxLabelLength && std::none_of(text.begin(), text.end(), [](QChar c) {
               return c.category() == QChar::Other_Control;
           });
}

Result<void> checkDescription(QStringView description)
{
    if (isLabel(description))
        return {};
    return fail(
        ErrorCode::InvalidArgument,
        QStringLiteral("The description must be one line of at most %1 characters without control characters")
            .arg(MaxLabelLength));
}

bool isValidRefName(QStringView name)
{
    if (name.isEmpty() || name.size() > MaxRefNameLength || name == u"@")
        return false;
    for (const QChar c : name) {
        if (c.unicode() <= 0x20 || c.unicode() == 0x7f || QStringView(u"~^:?*[\\").contains(c))
            return false;
    }
    if (name.contains(QLatin1String("..")) || name.contains(QLatin1String("@{")) || name.endsWith(u'.'))
        return false;
    for (const QStringView segment : name.split(u'/')) {
        if (segment.isEmpty() || segment.startsWith(u'.') || segment.endsWith(QLatin1String(".lock")))
            return false;
    }
    return !name.startsWith(u'-');
}

bool isCreatableRefName(QStringView name)
{
    return isValidRefName(name) && name != u"HEAD" && name != u"refs" && !name.startsWith(QLatin1String("refs/"));
}

} // namespace hublet
