using Candor.Contract;
using Microsoft.AspNetCore.Http.Features;

namespace Candor.Health.Serving;

/// <summary>Writes an answer with the headers that every health response has.</summary>
internal static class ResponseWriter
{
    public static Task WriteAsync(IFeatureCollection features, Answer answer, string hash, bool close, string contentType = "application/json")
    {
        var response = features.Get<IHttpResponseFeature>()!;
        var headers = response.Headers;
        response.StatusCode = answer.Status;
        headers.ContentType = contentType;
        headers.ContentLength = answer.Body.Length;
        headers.CacheControl = "no-store";
        headers[ContractHash.Header] = hash;
        if (close)
        {
            headers.Connection = "close";
        }

        var body = features.Get<IHttpResponseBodyFeature>()!;
        if (features.Get<IHttpRequestFeature>()!.Method != "HEAD")
        {
            answer.Body.CopyTo(body.Writer.GetSpan(answer.Body.Length));
            body.Writer.Advance(answer.Body.Length);
        }

        return body.CompleteAsync();
    }
}
