namespace Candor.Local;

/// <summary>
/// What HAProxy says of a check, in a person's words. Its codes:
/// <see href="https://docs.haproxy.org/2.6/management.html#9.1">HAProxy Management Guide, <c>check_status</c></see>.
/// </summary>
internal static class CheckStatus
{
    /// <param name="status">The code; a check that runs just now has a star before it.</param>
    /// <param name="answer">The HTTP status, where there was an answer.</param>
    /// <param name="detail">More, where HAProxy says more.</param>
    public static string Describe(string status, string answer, string detail) => status.TrimStart('*', ' ') switch
    {
        "L7OK" or "L7OKC" or "L7STS" when answer.Length > 0 => $"answered {answer}",
        "L4TOUT" or "L6TOUT" => "no connection within the timeout",
        "L4CON" => detail.Length > 0 ? $"no connection: {detail}" : "no connection: refused, or no route",
        "L7TOUT" => "no answer within the timeout",
        "L7RSP" => "no valid HTTP answer",
        "INI" or "UNK" or "" => "not checked yet",
        var other => $"{other} {answer} {detail}".Replace("  ", " ", StringComparison.Ordinal).Trim(),
    };
}
