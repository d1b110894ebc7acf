namespace Candor.Local;

/// <summary>Image references.</summary>
internal static class ImageName
{
    /// <summary>The last part of the repository: <c>orders</c> for <c>registry.example:5000/candor/orders:1.2@sha256:…</c>.</summary>
    public static string Repository(string image)
    {
        var last = image.Split('@')[0].Split('/')[^1];
        return last.Split(':')[0];
    }
}
