using System.Text.RegularExpressions;

namespace Candor.Doctor.Model;

/// <summary>What a reason of health means, and what puts it right.</summary>
/// <param name="Words">In a sentence's words.</param>
/// <param name="Fix">What to do.</param>
/// <param name="Fault">The fault of docs/faults.md, or null.</param>
/// <param name="Kind">What kind of reason it is.</param>
internal sealed record ReasonMeaning(string Words, string Fix, string? Fault, ReasonKind Kind);

/// <summary>Kinds of reasons.</summary>
internal enum ReasonKind
{
    /// <summary>The dependency is there and refuses the credentials.</summary>
    Authentication,

    /// <summary>Nothing comes back in time.</summary>
    Silent,

    /// <summary>It is not there: refused, or no such name.</summary>
    Down,

    /// <summary>It is there and refuses this piece of work, with a code.</summary>
    Refuses,

    /// <summary>The instance itself.</summary>
    Local,

    /// <summary>A breaker is open, and says not why.</summary>
    Hidden,

    /// <summary>Something else.</summary>
    Other,
}

/// <summary>Every reason and code that health names, in one table.</summary>
internal static partial class Reasons
{
    private static readonly (string Code, ReasonMeaning Meaning)[] Codes =
    [
        ("28P01", new("the database refuses the password (28P01)", "Set the right password and roll the Deployment.", "F204",
            ReasonKind.Authentication)),
        ("28000", new("the database refuses the user (28000)", "Look at the role and at pg_hba.conf.", "F204", ReasonKind.Authentication)),
        ("3D000", new("the database of that name does not exist (3D000)",
            "Create the database, or correct its name in the connection string.", "F217", ReasonKind.Refuses)),
        ("42501", new("the role lacks a right (42501 insufficient privilege)", "GRANT the right that was revoked.", "F217",
            ReasonKind.Refuses)),
        ("42P01", new("a table is missing (42P01 undefined table)", "Run the migration, or undo the renaming.", "F217",
            ReasonKind.Refuses)),
        ("42703", new("a column is missing (42703 undefined column)", "Run the migration, or undo the renaming.", "F217",
            ReasonKind.Refuses)),
        ("25006", new("the database is read-only (25006)", "Connect to the primary, or end default_transaction_read_only.", "F217",
            ReasonKind.Refuses)),
        ("53300", new("the database has no connection left (53300 too many connections)",
            "Lower the pools (contract: connections), or raise max_connections.", "F205", ReasonKind.Refuses)),
        ("53100", new("the database's disk is full (53100)", "Free or enlarge the database's volume.", "F208", ReasonKind.Refuses)),
        ("57P03", new("the database is starting or recovering (57P03)", "Wait; look at the database's log when it lasts.", "F201",
            ReasonKind.Down)),
        ("57P01", new("the database is being stopped (57P01)", "Wait for its restart, or look who stopped it.", "F201", ReasonKind.Down)),
        ("57014", new("a statement ran into its time limit (57014)", "Look at pg_stat_activity and pg_locks for what holds it up.", "F220",
            ReasonKind.Refuses)),
        ("55P03", new("a row or table is locked (55P03)", "Look at pg_locks for who holds the lock.", "F220", ReasonKind.Refuses)),
        ("40P01", new("transactions deadlock (40P01)", "Take locks in the same order everywhere.", "F220", ReasonKind.Refuses)),
        ("23505", new("a unique constraint refuses the row (23505)", "Look at the constraint and at what the operation writes.", "F217",
            ReasonKind.Refuses)),
        ("23514", new("a check constraint refuses the row (23514)", "Look at the constraint and at what the operation writes.", "F217",
            ReasonKind.Refuses)),
        ("23502", new("a not-null constraint refuses the row (23502)", "Look at the constraint and at what the operation writes.", "F217",
            ReasonKind.Refuses)),
        ("23503", new("a foreign key refuses the row (23503)", "Look at the constraint and at what the operation writes.", "F217",
            ReasonKind.Refuses)),
        ("ACCESS_REFUSED", new("the queue refuses the user or a right (403 ACCESS_REFUSED)",
            "Look at the user's password and permissions.", "F223", ReasonKind.Authentication)),
        ("PRECONDITION_FAILED", new("the queue exists with other properties (406 PRECONDITION_FAILED)",
            "Delete the queue, or declare it as it is.", "F222", ReasonKind.Refuses)),
        ("NOT_FOUND", new("the queue does not exist (404 NOT_FOUND)", "Declare the queue again.", "F222", ReasonKind.Refuses)),
        ("CONNECTION_FORCED", new("the queue's server closed the connection (320 CONNECTION_FORCED)",
            "Look at the broker: it stops, or an operator closed it.", "F207", ReasonKind.Down)),
        ("NO_ROUTE", new("no queue is bound to the exchange (312 NO_ROUTE)", "Bind the queue.", "F222", ReasonKind.Refuses)),
        ("alarm", new("the broker has an alarm and takes no messages (memory or disk)",
            "Free the broker's memory or disk; consume the backlog.", "F223", ReasonKind.Refuses)),
        ("WRONGPASS", new("the cache refuses the password (WRONGPASS)", "Set the right password and roll the Deployment.", "F204",
            ReasonKind.Authentication)),
        ("NOAUTH", new("the cache wants a password (NOAUTH)", "Give the connection string a password.", "F204", ReasonKind.Authentication)),
        ("NOPERM", new("the cache's user lacks a right (NOPERM)", "Look at the cache's ACL.", "F224", ReasonKind.Refuses)),
        ("READONLY", new("the cache is read-only (READONLY: a replica)", "Connect to the primary.", "F224", ReasonKind.Refuses)),
        ("OOM command", new("the cache is full (OOM)", "Set maxmemory-policy, or give it more memory.", "F224", ReasonKind.Refuses)),
        ("WRONGTYPE", new("a cache entry has another type (WRONGTYPE)", "Delete the entry, or change the prefix.", "F224",
            ReasonKind.Refuses)),
        ("MISCONF", new("the cache cannot save and refuses writes (MISCONF)", "Look at the cache's disk.", "F224", ReasonKind.Refuses)),
        ("LOADING", new("the cache is loading its data (LOADING)", "Wait.", "F206", ReasonKind.Down)),
    ];

    private static readonly (string Part, ReasonMeaning Meaning)[] Phrases =
    [
        ("authentication", new("it refuses the password (authentication)", "Set the right password and roll the Deployment.", "F204",
            ReasonKind.Authentication)),
        ("pool saturated", new("the app's own pool of connections is used up (pool saturated)",
            "Find what holds connections (slow statements, leaks), or enlarge the pool.", "F205", ReasonKind.Local)),
        ("starv", new("the thread pool is starved", "Find what blocks threads (a dump, dotnet-counters).", "F210", ReasonKind.Local)),
        ("thread", new("the thread pool is starved", "Find what blocks threads (a dump, dotnet-counters).", "F210", ReasonKind.Local)),
        ("pool", new("the app's own pool of connections is used up",
            "Find what holds connections (slow statements, leaks), or enlarge the pool.", "F205", ReasonKind.Local)),
        ("Name or service not known", new("its name has no address", "Create the Service, or correct the host in the connection string.",
            "F201", ReasonKind.Down)),
        ("No such host", new("its name has no address", "Create the Service, or correct the host in the connection string.", "F201",
            ReasonKind.Down)),
        ("refused", new("it refuses the connection: nothing listens there", "Start it, or correct the port.", "F201", ReasonKind.Down)),
        ("in time", new("no connection could be made in time", "Look at the path to it.", "F202", ReasonKind.Silent)),
        ("timed out", new("it does not answer in time", "Look at the path to it, then at its load.", "F202", ReasonKind.Silent)),
        ("deadline", new("it does not answer in time", "Look at the path to it, then at its load.", "F203", ReasonKind.Silent)),
        ("lock", new("a row or table is locked", "Look at pg_locks for who holds the lock.", "F220", ReasonKind.Refuses)),
        ("backlog", new("its backlog is over the limit", "Consume faster, or look why the consumers stand still.", "F207",
            ReasonKind.Refuses)),
        ("disk", new("the disk is nearly full", "Free the disk, or enlarge it.", "F208", ReasonKind.Local)),
        ("stuck", new("requests do not end", "Take a dump and look at what they wait for.", "F209", ReasonKind.Local)),
        ("error ratio", new("too many answers are 5xx", "Look at the log for the exceptions of that route.", "F211", ReasonKind.Local)),
        ("descriptor", new("the process has no descriptor left", "Find the leak, or raise the limit.", "F226", ReasonKind.Local)),
        ("memory", new("the process is near its memory limit", "Find the leak, or raise the limit.", "F226", ReasonKind.Local)),
        ("circuit open", new("its circuit breaker is open", "Look at what opened it.", "F213", ReasonKind.Hidden)),
        ("dependency down", new("it is down or cannot be reached", "Look at it, then at the path to it.", "F201", ReasonKind.Down)),
    ];

    /// <summary>What a reason and its detail mean; the most telling part counts.</summary>
    internal static ReasonMeaning Of(string? reason, string? detail)
    {
        foreach (var text in new[] { detail, reason }.OfType<string>())
        {
            foreach (var (code, meaning) in Codes)
            {
                if (text.Contains(code, StringComparison.Ordinal))
                {
                    return meaning;
                }
            }

            if (SqlState().Match(text) is { Success: true } state)
            {
                return new($"the database refuses with {state.Value}", "Look this SQLSTATE up in PostgreSQL's table of error codes.",
                    "F217", ReasonKind.Refuses);
            }
        }

        // The detail tells more than a word such as "dependency down"; a hidden reason tells less.
        foreach (var text in new[] { reason is "dependency down" or "circuit open" or "timed out" ? detail : reason, reason, detail }
            .OfType<string>())
        {
            foreach (var (part, meaning) in Phrases)
            {
                if (text.Contains(part, StringComparison.OrdinalIgnoreCase))
                {
                    return meaning;
                }
            }
        }

        return new(reason ?? "no reason given", "Look at the app's log.", null, ReasonKind.Other);
    }

    // Five characters of which one is a digit, as PostgreSQL writes them before their text; an AMQP code has three digits.
    [GeneratedRegex(@"\b(?=[0-9A-Z]{5}\b)(?=[0-9A-Z]*\d)[0-9A-HP-Z][0-9A-Z]{4}(?=[: ])")]
    private static partial Regex SqlState();
}
