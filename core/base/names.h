// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

#include <compare>
#include <optional>

namespace hublet {

/// Names that come from outside become one of these at the edge and are not checked again inside.

/// Key of a repository, e.g. "hf-local". Rule: artifactory 1.2. Compares without regard to case.
class RepositoryKey {
public:
    [[nodiscard]] static Result<RepositoryKey> parse(QStringView text);
    [[nodiscard]] const QString& text() const { return m_text; }
    [[nodiscard]] QString folded() const { return m_text.toLower(); } ///< for look-ups
    bool operator==(const RepositoryKey& other) const { return m_text.compare(other.m_text, Qt::CaseInsensitive) == 0; }

private:
    explicit RepositoryKey(QString text) : m_text(std::move(text)) {}
    QString m_text;
};

enum class PackageType { Model, Dataset };

/// "model", "dataset": as in JSON bodies.
[[nodiscard]] QString packageTypeName(PackageType type);
/// "models", "datasets": as in API paths and artifact paths.
[[nodiscard]] QString packageTypePlural(PackageType type);
[[nodiscard]] std::optional<PackageType> packageTypeFromName(QStringView singularOrPlural);

/// A model or dataset: type, optional namespace, name. "acme/bert-tiny", or "gpt2" without a namespace.
/// Compares without regard to case; keeps the spelling it was given.
class PackageId {
public:
    /// Accepts what a client may ask for; hub-api 15. InvalidName names the broken rule.
    [[nodiscard]] static Result<PackageId> parse(PackageType type, QStringView id);
    /// What the namespace of a new package is.
    enum class Namespace {
        Documented, ///< an organisation: the stricter rule of artifactory 2.6
        OwnAccount, ///< user or group of the creator, whose name was accepted before: "john_doe", "12345"
    };
    /// The rule for new packages: DECISIONS 16, a namespace is required.
    [[nodiscard]] Result<void> checkForCreation(Namespace rule = Namespace::Documented) const;

    [[nodiscard]] PackageType type() const { return m_type; }
    [[nodiscard]] const QString& nameSpace() const { return m_namespace; } ///< empty for "gpt2"
    [[nodiscard]] const QString& name() const { return m_name; }
    [[nodiscard]] QString id() const { return m_namespace.isEmpty() ? m_name : m_namespace + u'/' + m_name; }
    [[nodiscard]] QString folded() const { return id().toLower(); } ///< for look-ups, with type()
    /// "models/acme/bert-tiny": where it lies in the artifact tree and what permission patterns match.
    [[nodiscard]] QString artifactPath() const { return packageTypePlural(m_type) + u'/' + id(); }
    bool operator==(const PackageId& other) const { return m_type == other.m_type && folded() == other.folded(); }

private:
    PackageId(PackageType type, QString nameSpace, QString name)
        : m_type(type), m_namespace(std::move(nameSpace)), m_name(std::move(name))
    {
    }
    PackageType m_type;
    QString m_namespace;
    QString m_name;
};

/// Path of a file or folder inside a package: UTF-8 bytes kept as given, checked by DECISIONS 16.
/// The empty path is the root folder.
class RepoPath {
public:
    RepoPath() = default;
    /// For files and folders to be written: at most 1,024 bytes, 255 a segment.
    [[nodiscard]] static Result<RepoPath> parse(QByteArrayView utf8);

    [[nodiscard]] const QByteArray& bytes() const { return m_bytes; }
    [[nodiscard]] QString text() const { return QString::fromUtf8(m_bytes); }
    [[nodiscard]] bool isRoot() const { return m_bytes.isEmpty(); }
    [[nodiscard]] QByteArray name() const; ///< last segment
    [[nodiscard]] RepoPath parent() const;
    [[nodiscard]] QList<QByteArray> segments() const;
    /// Bytewise.
    std::strong_ordering operator<=>(const RepoPath& other) const { return m_bytes.compare(other.m_bytes) <=> 0; }
    bool operator==(const RepoPath& other) const = default;

private:
    explicit RepoPath(QByteArray bytes) : m_bytes(std::move(bytes)) {}
    QByteArray m_bytes;
};

inline constexpr qsizetype MaxLabelLength = 255; ///< characters
/// Is `text` one line for people: at most MaxLabelLength characters, no control characters? It may be empty.
[[nodiscard]] bool isLabel(QStringView text);
/// What a repository or group is for: a label. Errors: InvalidArgument.
[[nodiscard]] Result<void> checkDescription(QStringView description);

/// Is `name` a legal git ref name below refs/heads or refs/tags (git check-ref-format, one level allowed)?
[[nodiscard]] bool isValidRefName(QStringView name);
/// A branch or tag that a client may create: a legal ref name, not "refs/...", not "HEAD" (hub-api 7.1).
[[nodiscard]] bool isCreatableRefName(QStringView name);

} // namespace hublet
