namespace Candor.Infra.Tests.PulumiOffline.Subset;

/// <summary>A test that needs the API facts of the official packages, which are not part of the repository.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReferenceFactAttribute : FactAttribute
{
    public ReferenceFactAttribute()
    {
        if (Reference.Directory is null)
        {
            Skip = "../shared/reference, the API facts of the official packages, is not beside the repository.";
        }
    }
}
