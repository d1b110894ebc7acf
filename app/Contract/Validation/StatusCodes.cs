using System.Globalization;

namespace Candor.Contract;

/// <summary>HTTP status codes as an ALB's matcher writes them, and the two that the app answers on its health paths.</summary>
public sealed class StatusCodes
{
    /// <summary>What a health path answers when the answer is yes.</summary>
    public const int Healthy = 200;

    /// <summary>What a health path answers when the answer is no.</summary>
    public const int Unhealthy = 503;

    private readonly IReadOnlyList<(int From, int To)> _ranges;

    private StatusCodes(IReadOnlyList<(int From, int To)> ranges) => _ranges = ranges;

    /// <summary>Whether the matcher accepts the code.</summary>
    public bool Contains(int code) => _ranges.Any(range => code >= range.From && code <= range.To);

    /// <summary>
    /// Reads <c>200</c>, <c>200,204</c> or <c>200-299</c>; codes from 200 to 599, as a target group's matcher may hold
    /// (<see href="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Matcher.html">AWS API reference</see>).
    /// </summary>
    public static bool TryParse(string? text, out StatusCodes codes)
    {
        var ranges = new List<(int, int)>();
        codes = new(ranges);
        foreach (var part in (text ?? string.Empty).Split(','))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !TryParseCode(ends[0], out var from) || !TryParseCode(ends[^1], out var to) || from > to)
            {
                return false;
            }

            ranges.Add((from, to));
        }

        return true;
    }

    private static bool TryParseCode(string text, out int code) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out code) && code is >= 200 and <= 599;
}
