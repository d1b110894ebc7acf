using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace Candor.Orders.Api;

/// <summary>Every refusal, as problem+json: what was wrong, what was found, what was expected.</summary>
public static class Problems
{
    /// <summary>415.</summary>
    public static ProblemHttpResult UnsupportedMediaType(string? found) => Of(
        StatusCodes.Status415UnsupportedMediaType,
        $"Expected the content type application/json, found {(string.IsNullOrEmpty(found) ? "none" : Short(found))}.");

    /// <summary>400.</summary>
    public static ProblemHttpResult BadIdempotencyKey() => Of(
        StatusCodes.Status400BadRequest,
        $"Expected one Idempotency-Key of 1 to {Storage.IdempotencyKey.MaximumLength} visible ASCII characters without spaces.");

    /// <summary>400, with the place where the reader knows it.</summary>
    public static ProblemHttpResult UnreadableBody(JsonException found)
    {
        var place = found.LineNumber is { } line
            ? string.Create(CultureInfo.InvariantCulture, $" at line {line + 1}, byte {found.BytePositionInLine + 1}")
            : "; does it name a field twice?";
        return Of(StatusCodes.Status400BadRequest, $"The body is not one JSON object{place}. Expected {OrderRules.Example}.");
    }

    /// <summary>400.</summary>
    public static ProblemHttpResult NotUtf8() => Of(
        StatusCodes.Status400BadRequest, $"The body is not valid UTF-8. Expected {OrderRules.Example}.");

    /// <summary>400.</summary>
    public static ProblemHttpResult UnreadableName() => Of(
        StatusCodes.Status400BadRequest,
        $"The body has a field whose name is not a text: it contains half of a surrogate pair. Expected {OrderRules.Example}.");

    /// <summary>400.</summary>
    public const string RefusedText = "The order has a text that the database cannot store in its encoding.";

    /// <summary>400, with every mistake under its field.</summary>
    public static ValidationProblem Invalid(Dictionary<string, string[]> errors) => TypedResults.ValidationProblem(errors);

    /// <summary>422.</summary>
    public static ProblemHttpResult KeyUsedForAnotherBody() => Of(
        StatusCodes.Status422UnprocessableEntity,
        "This Idempotency-Key was used with another body. Send the same body again, or a new key for a new order.");

    /// <summary>404.</summary>
    public static ProblemHttpResult NoSuchOrder() => Of(StatusCodes.Status404NotFound, "There is no order with this id.");

    /// <summary>400.</summary>
    public static ProblemHttpResult BadLimit(string found) => Of(
        StatusCodes.Status400BadRequest,
        $"Expected a limit from 1 to {OrderEndpoints.LargestList}, found \"{Short(found)}\".");

    /// <summary>The beginning of a text that a client sent, never with half of a surrogate pair at its end.</summary>
    internal static string Short(string text) => text.Length <= 40 ? text : text[..(char.IsHighSurrogate(text[39]) ? 39 : 40)] + "…";

    private static ProblemHttpResult Of(int status, string detail) =>
        TypedResults.Problem(detail, statusCode: status, title: ReasonPhrases.GetReasonPhrase(status));
}
