using Candor.Contract;
using Candor.Health.Checks;

namespace Candor.Health.Postgres;

/// <summary>What kind of failure an SQLSTATE stands for.</summary>
public enum SqlFailureKind
{
    /// <summary>The database cannot do now what it can do at other times. The request was right and may be sent again: 503.</summary>
    Outage,

    /// <summary>Statement and schema do not fit, or the app did something out of order. Sending it again changes nothing: 500.</summary>
    Bug,

    /// <summary>A value that the client sent cannot be stored: 400.</summary>
    ClientMistake,
}

/// <summary>
/// What an SQLSTATE means for health and for the answer to a user, by one table: docs/sqlstates.md. A code that is not in it is looked up
/// by its class, the first two characters
/// (<see href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</see>).
/// </summary>
/// <param name="Code">The code, or the class when only that is known.</param>
/// <param name="Text">The condition in words, as PostgreSQL names it.</param>
/// <param name="Kind">Outage, bug or client's mistake.</param>
/// <param name="Scope">Who else meets it: every instance (the database's state), or this one (its connection or its transaction).</param>
/// <param name="Unavailable">
/// Whether to stop asking for a while: the server is away, overloaded, or held the call until its limit. False for what it refuses at
/// once: such a refusal costs nothing, concerns one statement, and a breaker would take other statements down with it.
/// </param>
/// <param name="Reason">The reason that health shows beside the code.</param>
public sealed record SqlState(string Code, string Text, SqlFailureKind Kind, DependencyScope Scope, bool Unavailable, Reason Reason)
{
    private static readonly SqlState Unknown = Bug("", "unknown SQLSTATE");

    /// <summary>The table, codes and classes.</summary>
    public static IReadOnlyList<SqlState> Table { get; } =
    [
        Away("08", "connection exception"),
        Away("08P01", "protocol violation"),
        Bug("0A", "feature not supported"),
        Bug("21", "cardinality violation"),
        Bug("22", "data exception"),
        Mistake("22001", "string data right truncation"),
        Mistake("22003", "numeric value out of range"),
        Mistake("22021", "character not in repertoire"),
        Mistake("22P05", "untranslatable character"),
        Bug("23", "integrity constraint violation"),
        Bug("23502", "not null violation"),
        Bug("23503", "foreign key violation"),
        Bug("23505", "unique violation"),
        Bug("23514", "check violation"),
        Bug("23P01", "exclusion violation"),
        Bug("25", "invalid transaction state", DependencyScope.Local),
        Refused("25006", "read-only transaction"),
        Away("25P03", "idle in transaction timeout", DependencyScope.Local),
        Bug("26", "invalid statement name", DependencyScope.Local),
        Away("28", "invalid authorization", reason: Reason.Authentication),
        Away("28000", "invalid authorization", reason: Reason.Authentication),
        Away("28P01", "invalid password", reason: Reason.Authentication),
        Away("3D", "invalid catalog name"),
        Away("3D000", "database does not exist"),
        Bug("3F", "invalid schema name"),
        Bug("3F000", "schema does not exist"),
        Refused("40", "transaction rollback"),
        Refused("40001", "serialization failure"),
        Refused("40P01", "deadlock detected"),
        Bug("42", "syntax error or access rule violation"),
        Refused("42501", "insufficient privilege"),
        Bug("42601", "syntax error"),
        Bug("42703", "undefined column"),
        Bug("42804", "datatype mismatch"),
        Bug("42883", "undefined function"),
        Bug("42P01", "undefined table"),
        Bug("42P10", "invalid column reference"),
        Bug("44", "with check option violation"),
        Away("53", "insufficient resources"),
        Away("53100", "disk full"),
        Away("53200", "out of memory"),
        Away("53300", "too many connections"),
        Away("53400", "configuration limit exceeded"),
        Bug("54", "program limit exceeded"),
        Refused("55", "object not in prerequisite state"),
        Refused("55006", "object in use"),
        Away("55P03", "lock not available", reason: Reason.TimedOut),
        Away("57", "operator intervention"),
        Away("57014", "query canceled by statement timeout", reason: Reason.TimedOut),
        Away("57P01", "admin shutdown"),
        Away("57P02", "crash shutdown"),
        Away("57P03", "cannot connect now"),
        Away("57P04", "database dropped"),
        Away("57P05", "idle session timeout", DependencyScope.Local),
        Away("58", "system error"),
        Away("58030", "I/O error"),
        Bug("P0", "error raised by a function"),
        Bug("P0001", "raised exception"),
        Away("XX", "internal error"),
        Away("XX001", "data corrupted"),
        Away("XX002", "index corrupted"),
    ];

    private static readonly Dictionary<string, SqlState> ByCode = Table.ToDictionary(state => state.Code, StringComparer.Ordinal);

    /// <summary>What a code means.</summary>
    /// <param name="code">An SQLSTATE of five characters.</param>
    public static SqlState Of(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return ByCode.TryGetValue(code, out var known) ? known
            : code.Length == 5 && ByCode.TryGetValue(code[..2], out var family) ? family with { Code = code }
            : Unknown with { Code = code };
    }

    /// <summary>Code and condition, such as <c>42501 insufficient privilege</c>: nothing in it is text from the server.</summary>
    public override string ToString() => $"{Code} {Text}";

    private static SqlState Away(
        string code, string text, DependencyScope scope = DependencyScope.Shared, Reason reason = Reason.DependencyDown) =>
        new(code, text, SqlFailureKind.Outage, scope, Unavailable: true, reason);

    private static SqlState Refused(string code, string text) =>
        new(code, text, SqlFailureKind.Outage, DependencyScope.Shared, Unavailable: false, Reason.Refused);

    private static SqlState Bug(string code, string text, DependencyScope scope = DependencyScope.Shared) =>
        new(code, text, SqlFailureKind.Bug, scope, Unavailable: false, Reason.Refused);

    private static SqlState Mistake(string code, string text) =>
        new(code, text, SqlFailureKind.ClientMistake, DependencyScope.Local, Unavailable: false, Reason.Refused);
}
